import type { Disposable } from '../../kernel/disposables';
import { BackupError } from '../../service/errors';
import type { EndpointNetwork } from '../../service/endpoints';
import type { Event } from '../../kernel/events';
import type { Connection } from '../../service/connection';
import type { AccessKey, CallerIdentity } from '../../service/model';
import type { Waiting } from '../../kernel/waiting';

/** A RAM role, as AssumeRole takes it (documented limits). */
export interface RoleRequest {
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: string;
  /** 2 to 64 letters, digits, dots, at signs, hyphens and underscores. */
  readonly sessionName: string;
  /** 2 to 1224 characters. Agreed on with the owner of the role; documented as no secret. */
  readonly externalId?: string;
  /** JSON that narrows what the role may do in this session; absent means all that the role may. */
  readonly policy?: string;
  /** 900 up to the limit of the role. */
  readonly durationSeconds: number;
}

/** Sources that lie outside VS Code and are read each time, never copied. */
export type OutsideSource =
  /** A profile of the Alibaba Cloud CLI; without a name the one that is current there. */
  | { readonly kind: 'cli'; readonly name?: string }
  /** A section of the credentials file of the SDKs. */
  | { readonly kind: 'sdkFile'; readonly section: string }
  /** Environment, CLI profile and credentials file, in the official order. */
  | { readonly kind: 'default' };

/** Where the key of a profile comes from. Nothing in it is secret. */
export type CredentialSource =
  /** An access key in SecretStorage. */
  | { readonly kind: 'stored' }
  /** A role that is assumed with the key of another profile. */
  | { readonly kind: 'role'; readonly sourceProfileId: string; readonly role: RoleRequest }
  | OutsideSource;

/** A key and when it ends. */
export interface TimedKey {
  readonly key: AccessKey;
  /** Milliseconds since 1970 by this computer's clock; absent for a key that does not end, or whose end nobody tells. */
  readonly expiresAtMs?: number;
  /** Where somebody wrote its session token: a variable, or a field and its place. Localised and safe to show. */
  readonly tokenName?: string;
}

/** Something that a profile could be made from. Texts are localised and safe to show. */
export interface SourceOffer {
  readonly source: OutsideSource;
  /** Name of the CLI profile or section. */
  readonly name: string;
  /** What kind of key it gives: "Access key", "RAM role", "External program". */
  readonly kindInWords: string;
  /** Its default region, where it names one that may stand in a host name. */
  readonly regionId?: string;
  /** What stands where a region belongs, when it is a zone. */
  readonly zoneId?: string;
  /** Over which network its own tool reaches the service; the internet unless given. */
  readonly network?: EndpointNetwork;
  /** A host that its own tool sends all calls to, which is not used here. */
  readonly otherHost?: string;
  /** True for the one that its own tool would take now. */
  readonly current: boolean;
  /** Why it cannot be used, and what to do; absent when it can. */
  readonly blocked?: string;
  /** The command line that has to be allowed before it runs; shown, never kept. */
  readonly command?: string;
}

/** What lies outside VS Code now. */
export interface SourceOffers {
  readonly offers: readonly SourceOffer[];
  /** A sentence for each file that cannot be read: which file, which line, what to do; never its content. */
  readonly problems: readonly string[];
}

/** Keys that lie outside VS Code. Files are read when asked for, watched while used, and never written. */
export interface OutsideCredentials extends Disposable {
  /** Never rejects: what cannot be read is among the problems. */
  offers(): Promise<SourceOffers>;
  /**
   * The key of a source, read anew each time. Throws {@link SourceUnusable}; BackupError `credentials-expired` for a
   * temporary key that is over; `command-not-allowed` for a command that the user has not allowed; and the failures
   * of STS.
   */
  read(source: OutsideSource, waiting: Waiting): Promise<TimedKey>;
  /**
   * Equal as long as the files say the same of a source, whatever else changes in them. Tells nothing of what they say.
   * Never rejects.
   */
  stampOf(source: OutsideSource): Promise<string>;
  /** Lets the command of a CLI profile run as it stands now. It is asked for again when it changes. */
  allowCommand(source: OutsideSource): Promise<void>;
  /** A file changed: a source whose stamp is another by now may give another key. */
  readonly onDidChange: Event<void>;
}

/** A source that cannot give a key until somebody mends it, or signs in to it again. */
export class SourceUnusable extends BackupError {
  /** Localised: what is wrong and what to do. Never holds content of a file. */
  readonly sentence: string;

  constructor(
    sentence: string,
    message: string,
    cause?: unknown,
    code: 'source-unusable' | 'credentials-expired' = 'source-unusable',
  ) {
    // Without a key no call runs.
    super(code, message, { cause, fate: 'not-run' });
    this.sentence = sentence;
  }

  override inWords(): string {
    return this.sentence;
  }
}

/** STS, asked with keys rather than for profiles: getting the key of a profile may take it. `endpoint` is an origin. */
export interface StsApi {
  /** Whose the key is that `accessKey` gives; asked again for another one when that is refused. Needs no permission. */
  getCallerIdentity(
    endpoint: string,
    accessKey: Connection['accessKey'],
    waiting: Waiting,
  ): Promise<CallerIdentity>;
  /** Throws BackupError as any call: `permission-denied` names `sts:AssumeRole`. */
  assumeRole(endpoint: string, key: AccessKey, role: RoleRequest, waiting: Waiting): Promise<TimedKey>;
  /** The call is not signed: the token says who asks. */
  assumeRoleWithOidc(endpoint: string, request: OidcRequest, waiting: Waiting): Promise<TimedKey>;
}

export interface OidcRequest extends Omit<RoleRequest, 'externalId'> {
  readonly oidcProviderArn: string;
  /** Content of the token file. Secret. */
  readonly oidcToken: string;
}
