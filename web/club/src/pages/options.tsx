import type { GateView } from '@clubkeeper/shared'
import { useGates } from '../data.ts'
import { closing } from '../options.ts'
import { useClub } from '../parts/club.tsx'
import { Icon } from '../parts/icons.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Meter } from '../parts/meter.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

/** What is open while the member buys enough, and what is missing. */
export default function OptionsPage() {
  const club = useClub()
  const gates = useGates()
  return (
    <Page title={say('options.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      <p>{say('options.lead')}</p>
      <Loaded query={gates}>
        {(got) =>
          got.length === 0 ? (
            <p class="empty">{say('options.none')}</p>
          ) : (
            got.map((gate) => <Gate key={gate.gate} gate={gate} />)
          )
        }
      </Loaded>
    </Page>
  )
}

function Gate({ gate }: { gate: GateView }) {
  const club = useClub()
  const opened = [...gate.options.map((option) => say(`option.${option}`)), ...gate.opens]
  return (
    <article class="card gate" data-open={gate.open}>
      <h2>
        <bdi>{gate.name}</bdi>
      </h2>
      <p class={gate.open ? 'state good' : 'state bad'}>
        <Icon name={gate.open ? 'open' : 'lock'} />
        {say(gate.open ? 'gate.open' : 'gate.closed')}
      </p>
      <p>{stands(gate)}</p>
      <Meter label={say('gate.bought')} value={gate.bought} of={gate.at_least} />
      <p>
        {say('gate.so_far', {
          bought: club.price(gate.bought),
          enough: club.price(gate.at_least),
        })}
        {gate.category && <> {say('gate.category')} <bdi>{gate.category}</bdi>.</>}
      </p>
      <h3>{say(gate.open ? 'gate.opens' : 'gate.would_open')}</h3>
      <ul>
        {opened.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </article>
  )

  /** What to do, and until when. */
  function stands({ open, until, missing, by }: GateView): string {
    const values = {
      missing: club.price(missing),
      day: club.day(by),
      until: club.day(until ?? by),
    }
    if (!open) return say('gate.missing', values)
    return say(closing(gate) ? 'gate.keep' : 'gate.until', values)
  }
}
