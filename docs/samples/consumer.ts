// Reads recommendations and churn alerts as they are committed. Needs: npm install @platformatic/kafka tsx
//
//     npx tsx consumer.ts --servers localhost:9092 [--prefix P] [--group G] [--count N]
import { parseArgs } from 'node:util'
import { Consumer, FetchIsolationLevels, MessagesStreamFallbackModes, MessagesStreamModes, stringDeserializers } from '@platformatic/kafka'

interface Profile { userId?: string, anonymousId?: string }
interface Recommendation extends Profile { recommendationId: string, surface: string, items: { itemId: string }[] }
interface ChurnAlert extends Profile { alertId: string, risk: number, suggestedAction: string, treatment: boolean }

const { values: options } = parseArgs({
  options: {
    servers: { type: 'string', default: 'localhost:9092' },
    prefix: { type: 'string', default: '' }, // Kafka:TopicPrefix of the engine
    group: { type: 'string', default: 'sample-typescript' }, // consumers of one group share the partitions
    count: { type: 'string', default: '0' } // ends after so many records; 0: never
  }
})

/** Shows a list: what a shop front would keep beside its page for this visitor. */
function recommendations (record: Recommendation): string {
  return `${record.recommendationId} ${record.userId ?? record.anonymousId} ${record.surface}: ${record.items.map(item => item.itemId).join(' ')}`
}

/** Acts on an alert. The hold-out group is left alone, or nothing can be measured. */
function churnAlert (record: ChurnAlert): string {
  const action = record.treatment ? record.suggestedAction : 'hold-out, no action'
  return `${record.alertId} ${record.userId ?? record.anonymousId} at risk ${record.risk.toFixed(2)}: ${action}`
}

const consumer = new Consumer({
  groupId: options.group,
  clientId: options.group,
  bootstrapBrokers: options.servers.split(','),
  isolationLevel: FetchIsolationLevels.READ_COMMITTED, // what an engine took back after a fault is never seen
  autocommit: false,
  deserializers: stringDeserializers
})
const [lists, alerts] = [options.prefix + 'recommendations', options.prefix + 'churn-alerts']
const stream = await consumer.consume({ topics: [lists, alerts], mode: MessagesStreamModes.COMMITTED, fallbackMode: MessagesStreamFallbackModes.EARLIEST })
const limit = Number(options.count)
let handled = 0
for await (const message of stream) {
  const record = JSON.parse(message.value)
  // Committed after the act: this program may be killed in between and sees the record again. Its id is the same then; whoever acts on it keys by that.
  console.log(message.topic === lists ? recommendations(record) : churnAlert(record))
  await message.commit() // a busy consumer commits once a batch
  handled++
  if (limit > 0 && handled >= limit) break
}
await stream.close()
await consumer.close()
