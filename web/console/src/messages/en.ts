/** The words of the console. Other languages have the very same keys. */

import shared from '@clubkeeper/shared/messages/en'

const messages = {
  ...shared,
  'console.title': 'Console',
  'console.welcome': 'You are signed in.',
  'console.email': 'E-mail',
  'console.password': 'Password',
  'console.code': 'Code of the authenticator app',
}

export type Messages = typeof messages
export default messages
