import { t } from '@vscode/l10n';
import { plainText } from '../core/kernel/plainText';
import { SourceUnusable, type TimedKey } from '../core/profiles/keys/credentialSource';
import type { CliProfile } from './cliConfig';
import { configureCommand, renewCommand } from './cliCommands';
import type { KeyDeps } from './keyDeps';
import { accessKeyOf } from './sessionKey';

/**
 * The key that the CLI keeps of a CloudSSO or OAuth sign-in, while it is valid. It is never renewed here: that could
 * end the sign-in of the CLI. Throws SourceUnusable `credentials-expired`, which says what to run.
 *
 * @param signInEnds when the sign-in itself expires, in UNIX seconds; 0 when unknown
 */
export function signedInKey(
  profile: CliProfile,
  signInEnds: number,
  { clock, clockOffsetMs }: Pick<KeyDeps, 'clock' | 'clockOffsetMs'>,
): TimedKey {
  const { access_key_id: id, access_key_secret: secret, sts_token: token } = profile;
  // The CLI writes the end 5 seconds early, so there's no more margin to keep.
  const expiresAtMs = profile.sts_expiration * 1000 - clockOffsetMs();
  if (id && secret && token && expiresAtMs > clock.now()) {
    return { key: accessKeyOf(id, secret, token), expiresAtMs };
  }
  const name = plainText(profile.name);
  const sentence =
    signInEnds * 1000 - clockOffsetMs() > clock.now()
      ? t({
          message:
            'The temporary credentials of CLI profile “{name}” have expired. To renew them, run: {command}',
          args: { name, command: renewCommand(profile.name) },
          comment: ['{command} is a command line.'],
        })
      : t({
          message: 'Sign in to the CLI profile “{name}” again. Run: {command}',
          args: { name, command: configureCommand(profile.name) },
          comment: ['{command} is a command line.'],
        });
  throw new SourceUnusable(sentence, 'key of a CLI sign-in has expired', undefined, 'credentials-expired');
}
