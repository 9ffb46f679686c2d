// Places an order, and prints every order that it reads, until it is stopped. Needs org.apache.kafka:kafka-clients.
//   KAFKA_SECRET=/etc/kafka-user java --class-path 'libs/*' Service.java
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Service {
  public static void main(String[] arguments) throws Exception {
    // The EventUser's Secret, mounted as a volume. Its key client.properties is all that Java needs.
    var folder = Path.of(System.getenv().getOrDefault("KAFKA_SECRET", "/etc/kafka-user"));
    var connection = new Properties();
    try (var reader = Files.newBufferedReader(folder.resolve("client.properties"))) {
      connection.load(reader);
    }

    try (var producer = new KafkaProducer<>(connection, new StringSerializer(), new StringSerializer())) {
      var order = "{\"item\": \"plums\", \"from\": \"java\"}";
      producer.send(new ProducerRecord<>("orders", "order-java", order)).get();
    }

    connection.put("group.id", "order-service-java");
    connection.put("auto.offset.reset", "earliest");
    connection.put("enable.auto.commit", "false");
    var consumer = new KafkaConsumer<>(connection, new StringDeserializer(), new StringDeserializer());
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      consumer.wakeup();
      try {
        main.join();
      } catch (InterruptedException ignored) {
        // Java is ending anyway.
      }
    }));
    try (consumer) {
      consumer.subscribe(List.of("orders"));
      while (true) {
        for (var message : consumer.poll(Duration.ofMillis(500))) {
          System.out.printf("partition %d offset %d: %s%n", message.partition(), message.offset(), message.value());
        }
        // After the work is done: a crash repeats the messages, so handle each key only once.
        consumer.commitSync();
      }
    } catch (WakeupException stopped) {
      System.out.println("stopped");
    }
  }
}
