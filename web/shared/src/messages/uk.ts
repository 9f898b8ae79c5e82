import type { Catalogue } from '../i18n.ts'
import type { Shared } from './en.ts'

const messages: Catalogue<Shared> = {
  'shared.cancel': 'Скасувати',
  'shared.close': 'Закрити',
  'shared.language': 'Мова',
  'shared.loading': 'Завантаження…',
  'shared.retry': 'Спробувати ще раз',
  'shared.save': 'Зберегти',
  'shared.sign_in': 'Увійти',
  'shared.sign_out': 'Вийти',
  'shared.offline': 'Немає зв’язку. Перевірте мережу та спробуйте ще раз.',
  'shared.unreadable': 'Щось зламалося на нашому боці. Спробуйте за хвилину.',
}

export default messages
