import type { OverviewTexts, Target } from '../../protocol/overview';
import type { MarkRef } from './markKeys';

/** What a chart is drawn with. */
export interface ChartDeps {
  readonly open: (target: Target) => void;
  /** The mark that the Tab key reaches, where it isn't the first one. */
  readonly lastMark: MarkRef | undefined;
  /** The keyboard goes to another mark. */
  readonly goTo: (ref: MarkRef) => void;
  readonly isTableOpen: boolean;
  readonly onToggleTable: (open: boolean) => void;
  /** CSS pixels that the chart has from left to right. */
  readonly width: number;
  readonly texts: OverviewTexts;
}
