/** One line that is read out when something was done. */

import { useEffect, useState } from 'preact/hooks'

let tell: (text: string) => void = () => undefined

/** Say that something was done. */
export function announce(text: string): void {
  tell(text)
}

const SHOWN_MS = 6000

/** Where it is said. It stands in the page from the beginning, so that screen readers listen. */
export function Said() {
  const [text, setText] = useState('')
  useEffect(() => {
    tell = setText
  }, [])
  useEffect(() => {
    if (!text) return undefined
    const over = setTimeout(() => setText(''), SHOWN_MS)
    return () => clearTimeout(over)
  }, [text])
  return (
    <div class="said" role="status">
      {text && <p>{text}</p>}
    </div>
  )
}
