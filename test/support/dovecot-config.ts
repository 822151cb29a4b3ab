import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who owns the mails: an unprivileged user when we are root (Dovecot refuses root as a mail user), else ourselves. */
export interface Owner {
  uid: number;
  gid: number;
  root: boolean;
  user: string;
  group: string;
}

/** Finds the mails' owner on this machine. */
export const owner = async (): Promise<Owner> => {
  const { uid, username } = userInfo();
  const user = uid === 0 ? 'nobody' : username;
  const ask = async (flag: string) => (await run('id', [flag, user])).stdout.trim();
  const [uidText, gidText, group] = await Promise.all([ask('-u'), ask('-g'), ask('-gn')]);
  return { uid: Number(uidText), gid: Number(gidText), root: uid === 0, user, group };
};

/** Makes key.pem and a self-signed cert.pem for localhost and 127.0.0.1, which is its own CA. */
export const certificate = async (dir: string): Promise<void> => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(dir, 'key.pem')];
  await run('openssl', ['req', '-x509', '-days', '30', ...key, '-out', join(dir, 'cert.pem'), ...subject]);
  await chmod(join(dir, 'key.pem'), 0o600);
};

/** Without root there is no other user to become and no chroot. */
const rootless = ({ user, group }: Owner) => `
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}
`;

const listeners = ({ port, tlsPort, tls }: { port: number; tlsPort: number; tls: boolean }) => `
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tls ? tlsPort : 0}
    ssl = yes
  }
}`;

const folders = ['Sent', 'Drafts', 'Trash', 'Junk']
  .map(name => `  mailbox ${name} {\n    special_use = \\${name}\n    auto = subscribe\n  }`)
  .join('\n');

const oauth2 = (dir: string) => `
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${dir}/oauth2.conf.ext
}`;

/** The text of oauth2.conf.ext: the token is appended to the address. */
export const introspection = (url: string): string =>
  `introspection_mode = get\nintrospection_url = ${url}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`;

/** The text of dovecot.conf (2.3). */
export const configuration = (of: {
  dir: string;
  port: number;
  tlsPort: number;
  tls: boolean;
  owner: Owner;
  tokens: boolean;
  extra: string;
}): string => `
protocols = imap
listen = 127.0.0.1
base_dir = ${of.dir}/run
state_dir = ${of.dir}/state
log_path = ${of.dir}/dovecot.log
${of.owner.root ? '' : rootless(of.owner)}
disable_plaintext_auth = no
auth_mechanisms = plain login
ssl = ${of.tls ? `yes\nssl_cert = <${of.dir}/cert.pem\nssl_key = <${of.dir}/key.pem` : 'no'}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = ${of.owner.uid}
mail_gid = ${of.owner.gid}
mail_location = maildir:${of.dir}/mail/%u
mail_fsync = never
mail_max_userip_connections = 1000
maildir_stat_dirs = yes
default_vsz_limit = 2 G
default_process_limit = 400
passdb {
  driver = passwd-file
  args = ${of.dir}/users
}
${of.tokens ? oauth2(of.dir) : ''}
userdb {
  driver = static
  args = uid=${of.owner.uid} gid=${of.owner.gid} home=${of.dir}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
${folders}
}
${listeners(of)}
${of.extra}
`;
