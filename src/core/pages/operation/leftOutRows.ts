import { plainText } from '../../kernel/plainText';
import type { Operation } from '../../operations/operation';

/** A client that was asked for and left out. Texts are safe to show. */
export interface LeftOutRow {
  /** Unique among the rows. */
  readonly key: string;
  readonly name: string;
  /** Empty if it's the name. */
  readonly id: string;
  readonly reason: string;
}

/** Clients that were asked for and left out, in the order of the confirmation. */
export function leftOutRows({ leftOut = [] }: Pick<Operation, 'leftOut'>): readonly LeftOutRow[] {
  return leftOut.map(({ name, instanceId, clientId, reason }, at) => {
    const id = instanceId ?? clientId ?? '';
    return {
      key: String(at),
      name: plainText(name),
      id: id === name ? '' : plainText(id),
      reason: plainText(reason),
    };
  });
}
