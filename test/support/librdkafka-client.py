# Writes a message to a topic, and reads the topic until it has printed as many as asked for:
#   python3 librdkafka-client.py LIBRARY FOLDER TOPIC GROUP MESSAGE COUNT
# FOLDER has the files of an EventUser's Secret. It calls the C library itself, so it runs on any Python.
import ctypes
import sys
import time
from pathlib import Path

library, folder, topic, group, text, count = sys.argv[1:]
rdkafka = ctypes.CDLL(library)
producer_type, consumer_type, any_partition, copy = 0, 1, -1, 2


class Message(ctypes.Structure):
    _fields_ = [
        ("err", ctypes.c_int),
        ("topic", ctypes.c_void_p),
        ("partition", ctypes.c_int32),
        ("payload", ctypes.c_void_p),
        ("len", ctypes.c_size_t),
    ]


for name in ("conf_new", "new", "topic_new", "topic_partition_list_new"):
    getattr(rdkafka, f"rd_kafka_{name}").restype = ctypes.c_void_p
rdkafka.rd_kafka_consumer_poll.restype = ctypes.POINTER(Message)
rdkafka.rd_kafka_err2str.restype = ctypes.c_char_p
pointer = ctypes.c_void_p


def client(kind, **settings):
    read = lambda key: (Path(folder) / key).read_text()
    given = {
        "bootstrap.servers": read("bootstrap.servers"),
        "security.protocol": read("security.protocol"),
        "sasl.mechanism": read("sasl.mechanism"),
        "sasl.username": read("username"),
        "sasl.password": read("password"),
        "ssl.ca.location": str(Path(folder) / "ca.crt"),
    }
    reason = ctypes.create_string_buffer(512)
    conf = pointer(rdkafka.rd_kafka_conf_new())
    for key, value in {**given, **settings}.items():
        if rdkafka.rd_kafka_conf_set(conf, key.replace("_", ".").encode(), value.encode(), reason, 512) != 0:
            sys.exit(reason.value.decode())
    handle = rdkafka.rd_kafka_new(kind, conf, reason, 512)
    return pointer(handle) if handle else sys.exit(reason.value.decode())


producer = client(producer_type)
of_topic = pointer(rdkafka.rd_kafka_topic_new(producer, topic.encode(), None))
payload = text.encode()
rdkafka.rd_kafka_produce(
    of_topic, any_partition, copy, payload, ctypes.c_size_t(len(payload)), None, ctypes.c_size_t(0), None
)
if rdkafka.rd_kafka_flush(producer, 30_000) != 0:
    sys.exit("the message was not delivered within 30 s")

consumer = client(consumer_type, group_id=group, auto_offset_reset="earliest")
rdkafka.rd_kafka_poll_set_consumer(consumer)
topics = pointer(rdkafka.rd_kafka_topic_partition_list_new(1))
rdkafka.rd_kafka_topic_partition_list_add(topics, topic.encode(), any_partition)
rdkafka.rd_kafka_subscribe(consumer, topics)
left, deadline = int(count), time.monotonic() + 60
while left > 0:
    if time.monotonic() > deadline:
        sys.exit(f"{left} messages did not come within 60 s")
    message = rdkafka.rd_kafka_consumer_poll(consumer, 500)
    if not message:
        continue
    if message.contents.err != 0:
        print(rdkafka.rd_kafka_err2str(message.contents.err).decode(), file=sys.stderr)
    else:
        print(ctypes.string_at(message.contents.payload, message.contents.len).decode(), flush=True)
        left -= 1
    rdkafka.rd_kafka_message_destroy(message)
rdkafka.rd_kafka_consumer_close(consumer)
