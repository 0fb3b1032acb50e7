import { actions } from '../service/actions';
import {
  failureInWords,
  knownReasonInWords,
  remarkInWords,
  unknownRefusalInWords,
  unknownResultInWords,
} from '../service/reasons';
import type { MachineProgress, Operation } from './operation';

/**
 * Why a client is in its state, and one next step; undefined where there's nothing to say. A code that nobody knows gets a
 * sentence as well.
 */
export function causeInWords(
  { outcome, reason }: Pick<MachineProgress, 'outcome' | 'reason'>,
  { action, calls }: Pick<Operation, 'action' | 'calls'>,
): string | undefined {
  // Until the list is read, the report of the task is not final.
  if (!reason || outcome === 'confirming') return undefined;
  if (outcome === 'done') return remarkInWords(reason);
  const known = knownReasonInWords(reason);
  if (known !== undefined) return known;
  // The reason of clients that a failed request named or kept back is its code, for which the failure has words.
  const failure = calls.find((call) => call.failure?.serviceCode === reason)?.failure;
  if (failure) {
    const isDenied = failure.code === 'permission-denied';
    return failureInWords({ ...failure, ramAction: isDenied ? actions[action].ramAction : undefined });
  }
  return outcome === 'refused' ? unknownRefusalInWords(reason) : unknownResultInWords(reason);
}
