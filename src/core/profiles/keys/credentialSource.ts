import type { Disposable } from '../../kernel/disposables';
import { BackupError } from '../../service/errors';
import type { ConsoleSite } from '../../service/consoleLinks';
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

/** Sources outside VS Code. They're read each time and never copied. */
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
  /** Milliseconds since 1970 by this computer's clock; absent for a key that doesn't expire, or when that isn't known. */
  readonly expiresAtMs?: number;
  /** Where its session token is written: a variable, or a field and its file. Localized and safe to show. */
  readonly tokenName?: string;
}

/** Something that a profile could be made from. Texts are localized and safe to show. */
export interface SourceOffer {
  readonly source: OutsideSource;
  /** Name of the CLI profile or section. */
  readonly name: string;
  /** What kind of key it gives: "Access key", "RAM role", "External program". */
  readonly kindInWords: string;
  /** Its default region, if that's a valid region ID. */
  readonly regionId?: string;
  /** The zone that is written in place of a region. */
  readonly zoneId?: string;
  /** Over which network its own tool reaches the service; the internet unless given. */
  readonly network?: EndpointNetwork;
  /** A host that its own tool sends all calls to, which isn't used here. */
  readonly otherHost?: string;
  /** True for the one that its own tool would take now. */
  readonly current: boolean;
  /** Why it can't be used, and what to do; absent when it can. */
  readonly blocked?: string;
  /** The command line to allow before it runs; shown, never kept. */
  readonly command?: string;
}

/** The sources outside VS Code as they are now. */
export interface SourceOffers {
  readonly offers: readonly SourceOffer[];
  /** A sentence for each file that can't be read: which file, which line, what to do; never its content. */
  readonly problems: readonly string[];
}

/** Credentials outside VS Code. Files are read when needed, watched while used, and never written. */
export interface OutsideCredentials extends Disposable {
  /** Never rejects: what can't be read is among the problems. */
  offers(): Promise<SourceOffers>;
  /**
   * The key of a source, read each time. Throws {@link SourceUnusable}; BackupError `credentials-expired` for a
   * temporary key that has expired; `command-not-allowed` for a command that the user hasn't allowed; and the failures
   * of STS.
   */
  read(source: OutsideSource, waiting: Waiting): Promise<TimedKey>;
  /**
   * Equal as long as the files say the same of a source, whatever else changes in them. Reveals nothing of their content.
   * Never rejects.
   */
  stampOf(source: OutsideSource): Promise<string>;
  /** The web console of a source's account, where its own tool noted one. Never rejects. */
  consoleSiteOf(source: OutsideSource): Promise<ConsoleSite | undefined>;
  /** Lets the command of a CLI profile run as it is now. The user is asked again when it changes. */
  allowCommand(source: OutsideSource): Promise<void>;
  /** A file changed. A source with another stamp by now might give another key. */
  readonly onDidChange: Event<void>;
}

/** A source that can't give a key until the user corrects it, or signs in to it again. */
export class SourceUnusable extends BackupError {
  /** Localized: what is wrong and what to do. Never holds content of a file. */
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
  /** The call isn't signed: the token says who asks. */
  assumeRoleWithOidc(endpoint: string, request: OidcRequest, waiting: Waiting): Promise<TimedKey>;
}

export interface OidcRequest extends Omit<RoleRequest, 'externalId'> {
  readonly oidcProviderArn: string;
  /** Content of the token file. Secret. */
  readonly oidcToken: string;
}
