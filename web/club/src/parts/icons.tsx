/** Small drawings beside words; the words say what they mean. */

const PATHS = {
  home: 'M3 11 12 4l9 7M6 9.5V20h12V9.5',
  points: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l3.5 2',
  gifts: 'M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7C9 7 7.5 3.5 9.5 3.5S12 7 12 7s.5-3.5 2.5-3.5S15 7 12 7Z',
  items: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h3v3h-3zM20 17v3h-3',
  me: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
  warn: 'M12 4 2.5 20h19zM12 10v5M12 17.2v.1',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  open: 'M5 12.5 10 17 19 7',
} as const

export type Drawn = keyof typeof PATHS

/** A line drawing in the colour of the text. */
export function Icon({ name }: { name: Drawn }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
