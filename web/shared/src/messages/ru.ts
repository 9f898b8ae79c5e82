import type { Catalogue } from '../i18n.ts'
import type { Shared } from './en.ts'

const messages: Catalogue<Shared> = {
  'shared.cancel': 'Отмена',
  'shared.close': 'Закрыть',
  'shared.language': 'Язык',
  'shared.loading': 'Загрузка…',
  'shared.retry': 'Повторить',
  'shared.save': 'Сохранить',
  'shared.sign_in': 'Войти',
  'shared.sign_out': 'Выйти',
  'shared.offline': 'Нет связи. Проверьте сеть и повторите попытку.',
  'shared.unreadable': 'Что-то сломалось на нашей стороне. Повторите через минуту.',
}

export default messages
