/** Days of a program's zone as instants. */

/** Milliseconds by which a zone is ahead of UTC at an instant. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at)
  const of = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? 0)
  const there = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return there - Math.floor(at / 1000) * 1000
}

/** The instant at which a day (YYYY-MM-DD), or one some days later, begins in a zone. */
export function dayBegins(day: string, zone: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const bare = Date.UTC(year, month - 1, date + later)
  // Twice, because the clocks may have been changed between midnight there and midnight of UTC.
  const near = bare - ahead(bare, zone)
  return new Date(bare - ahead(near, zone)).toISOString()
}
