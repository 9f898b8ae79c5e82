/** The words of the member's app. Other languages have the very same keys. */

import shared from '@clubkeeper/shared/messages/en'

const messages = {
  ...shared,
  'club.title': 'My club',
  'club.find': 'Which club?',
  'club.address': 'The club’s short name, as in its link',
  'club.open': 'Open',
}

export type Messages = typeof messages
export default messages
