interface Props {
  label: string
  value: number
  of: number
}

/** How far something is; the figures stand beside it in words. */
export function Meter({ label, value, of }: Props) {
  return <progress aria-label={label} value={Math.max(0, value)} max={Math.max(1, of)} />
}
