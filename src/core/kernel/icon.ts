/** A theme icon and a theme color by name. The shape says the state; color only supports it. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** Colors of states. Each is at least 3:1 on the background of a list in light themes, and different in high contrast. */
export const stateColors = {
  good: 'charts.green',
  bad: 'problemsErrorIcon.foreground',
  warning: 'problemsWarningIcon.foreground',
  news: 'notificationsInfoIcon.foreground',
  quiet: 'descriptionForeground',
} as const;
