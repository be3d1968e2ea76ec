/** Records one failure of two requests of one customer. */
import type { RecordedWitness, WitnessStep } from '../run-thread-lesson.ts'
import { Customer } from './customer.ts'
import type { Packages } from './packages.ts'
import { ShopServer } from './shop-server.ts'
import type { Basket, SessionAccess } from './shop-server.ts'
import { storeSetupOf } from './store-setup.ts'

/** Sends two overlapping requests to a server with this variant's store, and returns their steps; null if no visit was lost. */
export async function recordWitness(
  variant: string,
  packages: Packages,
  signal: AbortSignal,
): Promise<RecordedWitness | null> {
  const accesses: SessionAccess[] = []
  const setup = storeSetupOf(variant, packages, 1)
  const shop = await ShopServer.open(packages, setup, { signal, onAccess: (access) => void accesses.push(access) })
  try {
    const customer = new Customer('customer', shop, (request) => request())
    await customer.enter()
    accesses.length = 0
    await customer.buyTwoThings()
    const pair = accesses.splice(0)
    const { basket } = await customer.leave()
    return basket.visits === 2 ? null : { variant, steps: witnessSteps(pair), told: told(pair, basket) }
  } finally {
    shop.close()
  }
}

function witnessSteps(accesses: readonly SessionAccess[]): WitnessStep[] {
  const requests = [...new Set(accesses.map(({ request }) => request))]
  let store = ''
  return accesses.map(({ request, action, session }, time) => {
    // Both requests read before either writes, so the store holds what the first one read.
    store = shown(session)
    return { time, thread: requests.indexOf(request) + 1, action, detail: shown(session), store }
  })
}

function told(accesses: readonly SessionAccess[], final: Basket): string {
  const visits = (wanted: SessionAccess['action']): string =>
    accesses.flatMap(({ action, session }) => (action === wanted ? [`visits=${session.visits}`] : [])).join(' and ')
  return `Two visits, one counted. The requests read ${visits('read')}, and wrote ${visits('write')}. The session now holds ${shown(final)}.`
}

function shown(basket: Basket): string {
  return Object.entries(basket)
    .filter(([key]) => key !== 'cookie')
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')
}
