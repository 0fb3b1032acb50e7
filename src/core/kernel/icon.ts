/** A theme icon and a theme colour by name, as data: shape says the state, colour only supports it. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}
