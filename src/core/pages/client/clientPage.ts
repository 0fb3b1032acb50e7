import type { PageState } from '../page';

/** Everything the page of one client shows. */
export type ClientPageState = PageState;
