/** A web server on several threads. The implementations differ in how connections reach the threads. */
export interface ThreadedServer {
  readonly url: string
  /** Stops the server and its threads without waiting for requests under way. */
  close(): Promise<void>
}
