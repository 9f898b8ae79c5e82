import { useLocation } from 'preact-iso/router'
import { useMember } from '../api.ts'
import { useFreshGates, useOptions } from '../data.ts'
import type { Option } from '../options.ts'
import { say, type Key } from '../words.ts'
import { useClub } from './club.tsx'
import { Icon, type Drawn } from './icons.tsx'

interface Tab {
  path: string
  name: Key
  icon: Drawn
  /** Only offered while this is open to the member; missing: always. */
  option?: Option
}

const TABS: Tab[] = [
  { path: '/', name: 'tab.home', icon: 'home' },
  { path: '/history', name: 'tab.history', icon: 'points' },
  { path: '/gifts', name: 'tab.gifts', icon: 'gifts' },
  { path: '/items', name: 'tab.items', icon: 'items', option: 'items' },
  { path: '/profile', name: 'tab.profile', icon: 'me' },
]

/** The ways between a member's pages; what a closed gate guards is not among them. */
export function Tabs() {
  const club = useClub()
  const member = useMember(club.id)
  const { path } = useLocation()
  const open = useOptions()
  useFreshGates(path)
  if (member?.status !== 'active') return null
  return (
    <nav class="tabs" aria-label={say('tab.all')}>
      <ul>
        {TABS.filter(({ option }) => !option || open(option)?.open).map((tab) => (
          <li key={tab.path}>
            <a href={club.at(tab.path)} aria-current={here(club.at(tab.path), path)}>
              <Icon name={tab.icon} />
              {say(tab.name)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Whether a tab leads to the page that is shown, or to the one above it. */
function here(tab: string, path: string): 'page' | 'true' | undefined {
  if (tab === path || tab === `${path}/`) return 'page'
  return !tab.endsWith('/') && path.startsWith(`${tab}/`) ? 'true' : undefined
}
