import type { ComponentType } from 'preact'
import { useLocation } from 'preact-iso/router'
import { useEffect } from 'preact/hooks'
import { useMember } from '../api.ts'
import { StandingPage } from '../pages/standing.tsx'
import { useClub } from './club.tsx'
import { Waiting } from './loaded.tsx'

/** Goes on to another page at once; the way back does not come past here. */
export function Redirect({ to }: { to: string }) {
  const { route } = useLocation()
  useEffect(() => route(to, true), [to])
  return <Waiting />
}

/** A page for members: others are led to sign in and come back; applicants see how they stand. */
export function mine<Props extends object>(Shown: ComponentType<Props>): ComponentType<Props> {
  return function Mine(props: Props) {
    const club = useClub()
    const member = useMember(club.id)
    const { url } = useLocation()
    if (!member) return <Redirect to={club.at(`/sign-in?to=${encodeURIComponent(url)}`)} />
    if (member.status !== 'active') return <StandingPage member={member} />
    return <Shown {...props} />
  }
}
