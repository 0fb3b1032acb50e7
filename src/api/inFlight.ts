/** How many requests of a listing may run at once: grows with answers, halves when the service says slow down. */
export interface InFlight {
  readonly limit: number;
  /** Call it when a request starts; call `throttled` of what it returns when the service throttles that request. */
  begin(): { readonly throttled: () => void };
  /** Call it when a response arrives. */
  answered(): void;
}

export const mostInFlight = 32;
const firstInFlight = 16;

export function createInFlight(): InFlight {
  let limit = firstInFlight;
  let begun = 0;
  let begunAtLastHalving = 0;
  return {
    get limit() {
      return Math.floor(limit);
    },
    begin() {
      const number = ++begun;
      return {
        throttled() {
          // Requests that ran at the last halving say nothing new: one burst halves once.
          if (number <= begunAtLastHalving) return;
          begunAtLastHalving = begun;
          limit = Math.max(1, Math.floor(limit / 2));
        },
      };
    },
    answered() {
      limit = Math.min(mostInFlight, limit + 1);
    },
  };
}
