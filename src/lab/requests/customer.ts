/** A customer: somebody with one session, and more than one request under way. */
import { meetingOf, moment } from './moment.ts'
import type { Basket, Shop } from './shop.ts'

/** How a request is measured: does it, and writes down how long it took. */
export type Measure = <Result>(request: () => Promise<Result>) => Promise<Result>

/** What is left of a customer's session in the end. */
export interface Left {
  readonly basket: Basket
  /** As the session manager counted them; null where there is none. */
  readonly accesses: number | null
}

export class Customer {
  readonly name: string
  readonly #shop: Shop
  readonly #measure: Measure
  #cookie = ''

  constructor(name: string, shop: Shop, measure: Measure) {
    this.name = name
    this.#shop = shop
    this.#measure = measure
  }

  async enter(): Promise<void> {
    await this.#get('/enter', 'enter')
  }

  /** Two requests at once: each has read the session before the other writes it. */
  async buyTwoThings(): Promise<void> {
    const meeting = meetingOf(2)
    for (const request of ['one', 'two']) this.#shop.workOf(this.#full(request), meeting)
    await Promise.all([this.#get('/buy', 'one', 'book'), this.#get('/buy', 'two', 'lamp')])
  }

  /** A slow request that only reads; another comes and goes while it is under way. */
  async buyWhileLooking(): Promise<void> {
    const [hasRead, isBought] = [moment(), moment()]
    this.#shop.workOf(this.#full('look'), () => {
      hasRead.happen()
      return isBought.come
    })
    const looking = this.#get('/look', 'look')
    // A look that fails would never have come so far.
    await Promise.race([hasRead.come, looking])
    await this.#get('/buy', 'three', 'soap')
    isBought.happen()
    await looking
  }

  async leave(): Promise<Left> {
    const basket = (await this.#get('/look', 'last look')) as Basket
    return { basket, accesses: (await this.#get('/accesses', 'accesses')) as number | null }
  }

  /** Names of requests are the shop's, so each begins with the customer's. */
  #full(request: string): string {
    return `${this.name} ${request}`
  }

  #get(path: string, request: string, item = ''): Promise<unknown> {
    return this.#measure(async () => {
      const query = new URLSearchParams({ request: this.#full(request), item }).toString()
      const response = await fetch(`${this.#shop.url}${path}?${query}`, { headers: { cookie: this.#cookie } })
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
      this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie
      return response.json()
    })
  }
}
