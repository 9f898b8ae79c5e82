import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { say } from '../words.ts'

interface Props {
  title: string
  /** What the button says that does it. */
  yes: string
  busy: boolean
  onYes: () => void
  onNo: () => void
  children: ComponentChildren
}

/** The last question before something is done; its heading takes the focus. */
export function Confirm({ title, yes, busy, onYes, onNo, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section class="card confirm">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <button type="button" aria-busy={busy} disabled={busy} onClick={onYes}>
        {yes}
      </button>
      <button type="button" class="outline secondary" disabled={busy} onClick={onNo}>
        {say('shared.cancel')}
      </button>
    </section>
  )
}
