import { plainText } from '../core/kernel/plainText';

/** The command that sets a profile of the CLI up again, or signs in to it. */
export function configureCommand(profileName: string): string {
  return `aliyun configure --profile ${inQuotes(profileName)}`;
}

/** The cheapest command that makes the CLI renew the key of a profile. */
export function renewCommand(profileName: string): string {
  return `aliyun sts GetCallerIdentity --profile ${inQuotes(profileName)}`;
}

/** For a user to paste in a shell: names with more than plain characters are quoted. */
function inQuotes(name: string): string {
  const plain = plainText(name);
  return /^[\w.@-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", `'\\''`)}'`;
}
