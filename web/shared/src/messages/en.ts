/** Words that both apps use. Other languages have the very same keys. */
const messages = {
  'shared.cancel': 'Cancel',
  'shared.close': 'Close',
  'shared.language': 'Language',
  'shared.loading': 'Loading…',
  'shared.retry': 'Try again',
  'shared.save': 'Save',
  'shared.sign_in': 'Sign in',
  'shared.sign_out': 'Sign out',
  'shared.offline': 'No connection. Check the network and try again.',
  'shared.unreadable': 'Something went wrong on our side. Try again in a minute.',
}

export type Shared = typeof messages
export default messages
