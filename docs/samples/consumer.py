#!/usr/bin/env python3
"""Reads recommendations and churn alerts as they are committed. Needs: pip install confluent-kafka (or Debian's python3-confluent-kafka).

    python3 consumer.py --servers localhost:9092 [--prefix P] [--group G] [--count N]
"""
import argparse
import json
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException

arguments = argparse.ArgumentParser()
arguments.add_argument("--servers", default="localhost:9092")
arguments.add_argument("--prefix", default="", help="Kafka:TopicPrefix of the engine")
arguments.add_argument("--group", default="sample-python", help="consumers of one group share the partitions")
arguments.add_argument("--count", type=int, default=0, help="ends after so many records; 0: never")
options = arguments.parse_args()


def recommendations(record: dict) -> str:
    """Shows a list: what a shop front would keep beside its page for this visitor."""
    who = record.get("userId") or record["anonymousId"]
    return f"{who} {record['surface']}: {' '.join(item['itemId'] for item in record['items'])}"


def churn_alert(record: dict) -> str:
    """Acts on an alert. The hold-out group is left alone, or nothing can be measured."""
    who = record.get("userId") or record["anonymousId"]
    action = record["suggestedAction"] if record["treatment"] else "hold-out, no action"
    return f"{who} at risk {record['risk']:.2f}: {action}"


topics = {options.prefix + "recommendations": ("recommendationId", recommendations), options.prefix + "churn-alerts": ("alertId", churn_alert)}
consumer = Consumer({
    "bootstrap.servers": options.servers,
    "group.id": options.group,
    "isolation.level": "read_committed",  # what an engine took back after a fault is never seen
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
})
consumer.subscribe(list(topics))
handled = 0
try:
    while not options.count or handled < options.count:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error() and message.error().code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            print(f"waiting for the engine, which makes its topics when it first starts: {message.error().str()}", file=sys.stderr)
            continue
        if message.error():
            raise KafkaException(message.error())
        name, act = topics[message.topic()]
        record = json.loads(message.value())
        # Committed after the act: this program may be killed in between and sees the record again. Its id is the same then; whoever acts on it keys by that.
        print(f"{record[name]} {act(record)}", flush=True)
        consumer.commit(message, asynchronous=False)  # a busy consumer commits once a batch
        handled += 1
finally:
    consumer.close()
