import type { ReactNode } from 'react';

/** A labelled control with its help and, when the server refused it, why. `id` is the control's. */
export const Field = ({
  id,
  label,
  help,
  fault,
  children,
}: {
  id: string;
  label: string;
  help?: string | undefined;
  fault?: string | undefined;
  children: ReactNode;
}) => (
  <div className="field">
    <label htmlFor={id}>{label}</label>
    {children}
    {help && <span className="help">{help}</span>}
    {fault && (
      <span className="fault" role="alert">
        {fault}
      </span>
    )}
  </div>
);
