/** For what points came or went, one reason a line. */

import type { VNode } from 'preact'
import { useClub } from './club.tsx'

export function Reasons({ of }: { of: readonly { reason: string; points: number }[] }): VNode {
  const club = useClub()
  return (
    <ul class="rows">
      {of.map((one, place) => (
        <li key={place}>
          <span>{one.reason}</span>
          <strong>
            <bdi dir="ltr">{club.change(one.points)}</bdi>
          </strong>
        </li>
      ))}
    </ul>
  )
}
