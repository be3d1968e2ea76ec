/** @woven-ecs/core: two threads create entities at the same time, and the world has room for all of them. */
import { World, createEntity } from '@woven-ecs/core'

const options = { threads: 1, maxEntities: 32, maxEvents: 8 }

// oxlint-disable-next-line no-underscore-dangle -- the package's own name
const contextOf = (world) => world._getContext()
const { pool, entityBuffer, eventBuffer } = contextOf(new World([], options))

/** Returns what a worker system is called with: the world's shared memory, in objects of the worker's own. */
const attach = ({ free, entities, events }) => ({
  pool: pool.constructor.fromTransfer(free.buffer, pool.getBucketCount(), pool.getSize()),
  entityBuffer: entityBuffer.constructor.fromTransfer(entities.buffer, 0),
  eventBuffer: eventBuffer.constructor.fromTransfer(events.buffer, options.maxEvents),
})

export default {
  name: '@woven-ecs/core 1.0.7: three entities in a world of 32',
  memory() {
    const world = contextOf(new World([], options))
    return {
      free: new Int32Array(world.pool.getBuffer()),
      entities: new Uint8Array(world.entityBuffer.getBuffer()),
      events: new Uint32Array(world.eventBuffer.getBuffer()),
    }
  },
  actors: {
    alice: (shared) => [createEntity(attach(shared))],
    bob(shared) {
      const context = attach(shared)
      return [createEntity(context), createEntity(context)]
    },
  },
  invariant: (_, { alice, bob }) => new Set([...alice, ...bob]).size === 3,
  names: ({ free }) => ({ hint: [free, 0], bucket: [free, 1] }),
}
