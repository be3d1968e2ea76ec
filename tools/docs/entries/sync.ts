/**
 * Locks and other primitives over words of shared memory. `import … from 'racelab/sync'`.
 *
 * @module sync
 */
export * from '../../../src/sync/index.ts'
