import { useTerms } from '../data.ts'
import { say } from '../words.ts'
import { useClub } from './club.tsx'
import { Icon } from './icons.tsx'

/** Says so while the rules wait to be accepted. */
export function TermsNotice() {
  const club = useClub()
  const terms = useTerms()
  if (terms.data?.rules_to_accept == null) return null
  return (
    <p class="notice warn">
      <Icon name="warn" />
      <span>
        {say('home.terms')} <a href={club.at('/terms')}>{say('home.terms.read')}</a>
      </span>
    </p>
  )
}
