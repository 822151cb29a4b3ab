import { useId } from 'react';
import type { TokenRole } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { Field } from '../ui/Field.tsx';

const a = admin.users;

export const RoleOptions = ({ roles }: { roles: readonly TokenRole[] }) =>
  roles.map(role => (
    <option key={role} value={role}>
      {a.roles[role]}
    </option>
  ));

/** Chooses one of `roles`; says of the chosen one what it may do. */
export const RoleField = <Role extends TokenRole>({
  roles,
  role,
  choose,
}: {
  roles: readonly Role[];
  role: Role;
  choose: (role: Role) => void;
}) => {
  const id = useId();
  return (
    <Field id={id} label={a.role} help={a.roleHelp[role]}>
      <select id={id} className="select" value={role} onChange={event => choose(event.target.value as Role)}>
        <RoleOptions roles={roles} />
      </select>
    </Field>
  );
};
