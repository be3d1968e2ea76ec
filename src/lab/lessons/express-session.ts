/**
 * Express sessions: the lost update as every web developer has it. express-session reads a session when a request begins and
 * writes it whole when the request ends, so of two requests of one user at once, one is forgotten.
 *
 * No threads here: the agents are requests, to a real Express server on loopback. `src/lab/requests` runs this lesson, and what
 * its columns show is measured there. What is counted for each customer:
 *
 *   two requests at once    each adds one to the visits and puts a key of its own into the session
 *   then a slow reader      one request only looks, and takes its time; a third adds a visit and a key meanwhile
 */
import type { Lesson, Variant } from './bug.ts'
import { figure } from './metrics.ts'

const variants = [
  { name: 'memory-store', sound: false, summary: 'express-session’s own store, with resave: false' },
  {
    name: 'memory-store-resave',
    sound: false,
    summary: 'the same with resave: true: a request that only reads writes too, and erases what came meanwhile',
  },
  {
    name: 'last-write-wins',
    sound: false,
    summary:
      'racelab’s store as it comes, with resave: true: keys merge; of one key changed twice the last write counts',
  },
  {
    name: 'racelab',
    sound: true,
    summary: 'racelab’s store, with resave: true and a resolver: keys merge, numbers are added up',
  },
] as const satisfies readonly Variant[]

export type ExpressVariant = (typeof variants)[number]['name']

export const expressSession: Lesson = {
  name: 'express-session',
  title: 'Express sessions',
  agent: 'Request',
  variants,
  uses: [],
  columns: {
    total: ['visits', 'arrived', 'lost'],
    more: [
      { name: 'keys', show: (metrics) => `${figure(metrics, 'keysArrived')}/${figure(metrics, 'keysExpected')}` },
      {
        name: 'erased',
        show: (metrics) => `${figure(metrics, 'erasedByReaders')}/${figure(metrics, 'readers')}`,
      },
      {
        name: 'accesses',
        show: (metrics) =>
          'accessesExpected' in metrics
            ? `${figure(metrics, 'accessesArrived')}/${figure(metrics, 'accessesExpected')}`
            : '',
      },
    ],
    note: () =>
      'Erased: what a slow request that only reads brought to nothing. Times are of whole requests, which wait for each ' +
      'other here. Keys that different requests set merge by themselves. A ' +
      'counter in the session (req.session.visits++) is one key that both change: to keep both, a resolver adds them up; or ' +
      'count with incrementAccess of the session manager, as the last column does beside it.',
  },
  lesson: {
    story:
      'A page of a shop makes two requests when it opens: one puts a book into the basket, the other notes the chosen ' +
      'language. Both are of one customer, so both are of one session. Now and then the basket is empty afterwards. Nobody ' +
      'can reproduce it; the session store is blamed, exchanged, and blamed again.',
    timeline: [
      ['', '', 'visits=0'],
      ['get the session: visits=0', '', 'visits=0'],
      ['', 'get the session: visits=0', 'visits=0'],
      ['visits++; basket=book', '', 'visits=0'],
      ['', 'visits++; language=en', 'visits=0'],
      ['end: set the whole session', '', 'visits=1 basket=book'],
      ['', 'end: set the whole session', 'visits=1 language=en'],
    ],
    outcome:
      'Two visits, one counted; and the basket is gone, though nobody touched it but the request that filled it.',
    why:
      'The store’s interface is get and set: a copy at the beginning of the request, the copy back at its end. What lies ' +
      'between, a query, a payment, is as long as the request. With resave: true even a request that changes nothing writes ' +
      'its copy back, and a slow one brings back what was long overwritten.',
    fixes:
      'Remember, for each request, what it read; when it ends, write only the keys that differ from that, under one ' +
      'compare-and-swap of the session as it is now. Requests that set different keys then never meet. A key that both ' +
      'changed is a true conflict, and only the application can say what is right: the last write, or a resolver, which for ' +
      'numbers adds up. A session that was destroyed meanwhile stays destroyed.',
    trap:
      'resave: false alone: it stops the readers, not the writers. Merging whole sessions deeply: it cannot tell a removed key ' +
      'from one that was never there, mixes halves of values that belong together, and brings destroyed sessions back. ' +
      'Calling req.session.save() early only makes the time between the read and the write shorter.',
  },
}
