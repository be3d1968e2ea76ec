/** One failure, as two requests of one customer recorded it. */
import type { RecordedWitness, TimedStep } from '../run-bug.ts'
import { Customer } from './customer.ts'
import type { Packages } from './packages.ts'
import { type Basket, Shop, type Sighting } from './shop.ts'
import { backingOf } from './stores.ts'

/** Two requests at once behind this variant; null if nothing was lost. */
export async function recordWitness(
  variant: string,
  packages: Packages,
  signal: AbortSignal,
): Promise<RecordedWitness | null> {
  const sightings: Sighting[] = []
  const backing = backingOf(variant, packages, 1)
  const shop = await Shop.open(packages, backing, { signal, onSight: (sighting) => void sightings.push(sighting) })
  try {
    const customer = new Customer('customer', shop, (request) => request())
    await customer.enter()
    sightings.length = 0
    await customer.buyTwoThings()
    const pair = sightings.splice(0)
    const { basket } = await customer.leave()
    return basket.visits === 2 ? null : { variant, steps: timedSteps(pair), told: told(pair, basket) }
  } finally {
    shop.close()
  }
}

function timedSteps(sightings: readonly Sighting[]): TimedStep[] {
  const requests = [...new Set(sightings.map(({ request }) => request))]
  let store = ''
  return sightings.map(({ request, action, session }, time) => {
    // Both have read before either writes, so what the first one read is what the store holds.
    store = shown(session)
    return { time, thread: requests.indexOf(request) + 1, action, detail: shown(session), store }
  })
}

function told(sightings: readonly Sighting[], left: Basket): string {
  const visits = (wanted: Sighting['action']): string =>
    sightings.flatMap(({ action, session }) => (action === wanted ? [`visits=${session.visits}`] : [])).join(' and ')
  return `Two visits, one counted. The requests read ${visits('read')}, and wrote ${visits('write')}; left is ${shown(left)}.`
}

function shown(basket: Basket): string {
  return Object.entries(basket)
    .filter(([key]) => key !== 'cookie')
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')
}
