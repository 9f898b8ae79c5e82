import type { Option, Standing } from '../options.ts'
import { say } from '../words.ts'
import { useClub } from './club.tsx'
import { Icon } from './icons.tsx'

/** In place of something that a gate or a level keeps closed: why, and what opens it. */
export function Closed({ option, standing }: { option: Option; standing: Standing }) {
  const club = useClub()
  return (
    <div class="notice" role="status">
      <Icon name="lock" />
      <div>
        <p>
          <strong>{say('closed.title', { option: say(`option.${option}`) })}</strong>
        </p>
        {standing.level && <p>{say('closed.level', { level: standing.level })}</p>}
        {standing.closed.map((gate) => (
          <p key={gate.gate}>
            {say('gate.closed_for', {
              name: gate.name,
              missing: club.price(gate.missing),
              day: club.day(gate.by),
            })}
          </p>
        ))}
        <a href={club.at('/options')}>{say('options.link')}</a>
      </div>
    </div>
  )
}
