/** What an example is. */
export interface Example {
  /** Names the example in the address. */
  readonly name: string
  readonly title: string
  /** The heading under which it is listed. */
  readonly group: string
  readonly code: string
  /** What the explorer finds, in a browser as in Node. */
  readonly verdict: 'pass' | 'fail'
}
