# Places an order, and prints every order that it reads, until it is stopped.
#   pip install kafka-python && KAFKA_SECRET=/etc/kafka-user python3 service.py
import json
import os
import signal
from pathlib import Path

from kafka import KafkaConsumer, KafkaProducer

# The EventUser's Secret, mounted as a volume: one file per key.
folder = Path(os.environ.get("KAFKA_SECRET", "/etc/kafka-user"))


def read(key):
    return (folder / key).read_text()


connection = {
    "bootstrap_servers": read("bootstrap.servers").split(","),
    "security_protocol": read("security.protocol"),
    "sasl_mechanism": read("sasl.mechanism"),
    "sasl_plain_username": read("username"),
    "sasl_plain_password": read("password"),
    # Without ca.crt, the certificate must be from an authority that the system knows.
    "ssl_cafile": str(folder / "ca.crt") if (folder / "ca.crt").exists() else None,
}
stopped = False


def stop(*_):
    global stopped
    stopped = True


signal.signal(signal.SIGTERM, stop)

producer = KafkaProducer(**connection)
producer.send("orders", key=b"order-python", value=json.dumps({"item": "pears", "from": "python"}).encode())
producer.flush()

consumer = KafkaConsumer(
    "orders",
    group_id="order-service-python",
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    **connection,
)
while not stopped:
    for messages in consumer.poll(timeout_ms=500).values():
        for message in messages:
            print(f"partition {message.partition} offset {message.offset}: {message.value.decode()}", flush=True)
        # After the work is done: a crash repeats the messages, so handle each key only once.
        consumer.commit()
consumer.close()
producer.close()
