import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.QueryExecutionException;

/** Runs one Neo4j on the loopback interface until it is ended; writes its URI to HOME/uri once it answers. */
public class Neo4jServer {
    /** Takes HOME, PORT (0: any free one) and settings as name=value; the password stands in the environment. */
    public static void main(String[] arguments) {
        try {
            serve(arguments);
        } catch (Exception error) {
            error.printStackTrace();
            System.exit(1);
        }
    }

    private static void serve(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        if (port == 0) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
        }
        String address = "127.0.0.1:" + port;
        List<String> settings = new ArrayList<>(List.of(
            "server.bolt.enabled=true",
            "server.bolt.listen_address=" + address,
            "server.bolt.advertised_address=" + address,
            "dbms.security.auth_enabled=true",
            "dbms.usage_report.enabled=false",
            "server.memory.pagecache.size=256m"));
        settings.addAll(List.of(arguments).subList(2, arguments.length));
        Path configuration = Files.write(home.resolve("neo4j.conf"), settings);
        var server = new DatabaseManagementServiceBuilder(home).loadPropertiesFromFile(configuration).build();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        setPassword(server.database("system"), System.getenv("GRAPH_HUNT_NEO4J_PASSWORD"));
        Path written = Files.writeString(home.resolve("uri.new"), "bolt://" + address + "\n");
        Files.move(written, home.resolve("uri"), StandardCopyOption.ATOMIC_MOVE);
        Thread.currentThread().join();
    }

    private static void setPassword(GraphDatabaseService system, String password) {
        try {
            system.executeTransactionally(
                "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
        } catch (QueryExecutionException error) {
            // What it is already can not be set.
            if (!error.getMessage().contains("cannot be the same")) {
                throw error;
            }
        }
    }
}
