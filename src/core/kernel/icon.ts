/** A theme icon and a theme color by name. The shape says the state; color only supports it. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}
