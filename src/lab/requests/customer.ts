/** A customer: an HTTP client with one session cookie that sends several requests at the same time. */
import { oneTimeEvent, rendezvous } from './events.ts'
import type { Basket, ShopServer } from './shop-server.ts'

/** Calls `request`, records how long it took, and resolves to its result. */
export type Measure = <Result>(request: () => Promise<Result>) => Promise<Result>

/** What a customer's session holds at the end. */
export interface FinalState {
  readonly basket: Basket
  /** The access count of racelab's session manager; null for a store that has no manager. */
  readonly accesses: number | null
}

/** An HTTP client with one session cookie. */
export class Customer {
  readonly name: string
  readonly #shop: ShopServer
  readonly #measure: Measure
  #cookie = ''

  constructor(name: string, shop: ShopServer, measure: Measure) {
    this.name = name
    this.#shop = shop
    this.#measure = measure
  }

  /** Begins the session. */
  async enter(): Promise<void> {
    await this.#get('/enter', 'enter')
  }

  /** Sends two requests at the same time: both read the session before either writes it. */
  async buyTwoThings(): Promise<void> {
    const bothHaveRead = rendezvous(2)
    for (const request of ['one', 'two']) this.#shop.setWork(this.#full(request), bothHaveRead)
    await Promise.all([this.#get('/buy', 'one', 'book'), this.#get('/buy', 'two', 'lamp')])
  }

  /** Sends a slow request that only reads, and a second request that begins and ends while the first is under way. */
  async buyWhileLooking(): Promise<void> {
    const [hasRead, isBought] = [oneTimeEvent(), oneTimeEvent()]
    this.#shop.setWork(this.#full('look'), () => {
      hasRead.happen()
      return isBought.happened
    })
    const looking = this.#get('/look', 'look')
    // If the look fails, `hasRead` never happens: then the race rejects as the look does.
    await Promise.race([hasRead.happened, looking])
    await this.#get('/buy', 'three', 'soap')
    isBought.happen()
    await looking
  }

  /** Reads what the session holds. */
  async leave(): Promise<FinalState> {
    const basket = (await this.#get('/look', 'last look')) as Basket
    return { basket, accesses: (await this.#get('/accesses', 'accesses')) as number | null }
  }

  /** Returns a request's name that is unique on the server: it begins with the customer's name. */
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
