#:package Confluent.Kafka
// Reads recommendations and churn alerts as they are committed. Needs the .NET 10 SDK alone; in a folder of your own write the package as Confluent.Kafka@2.16.0.
//
//     dotnet run consumer.cs -- --servers localhost:9092 [--prefix P] [--group G] [--count N]
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;

string Option(string name, string otherwise) => Array.IndexOf(args, "--" + name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
var prefix = Option("prefix", ""); // Kafka:TopicPrefix of the engine
var count = int.Parse(Option("count", "0"), CultureInfo.InvariantCulture); // ends after so many records; 0: never

// Shows a list: what a shop front would keep beside its page for this visitor.
static string Recommendations(JsonElement record) =>
    $"{record.GetProperty("recommendationId")} {Who(record)} {record.GetProperty("surface")}: {string.Join(' ', record.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("itemId")))}";

// Acts on an alert. The hold-out group is left alone, or nothing can be measured.
static string ChurnAlert(JsonElement record)
{
    var action = record.GetProperty("treatment").GetBoolean() ? record.GetProperty("suggestedAction").GetString() : "hold-out, no action";
    return string.Create(CultureInfo.InvariantCulture, $"{record.GetProperty("alertId")} {Who(record)} at risk {record.GetProperty("risk").GetDouble():F2}: {action}");
}

static JsonElement Who(JsonElement record) => record.TryGetProperty("userId", out var user) ? user : record.GetProperty("anonymousId");

using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
{
    BootstrapServers = Option("servers", "localhost:9092"),
    GroupId = Option("group", "sample-csharp"), // consumers of one group share the partitions
    IsolationLevel = IsolationLevel.ReadCommitted, // what an engine took back after a fault is never seen
    AutoOffsetReset = AutoOffsetReset.Earliest,
    EnableAutoCommit = false,
}).Build();
consumer.Subscribe([prefix + "recommendations", prefix + "churn-alerts"]);
for (var handled = 0; count == 0 || handled < count; handled++)
{
    var message = Next();
    using var record = JsonDocument.Parse(message.Message.Value);
    // Committed after the act: this program may be killed in between and sees the record again. Its id is the same then; whoever acts on it keys by that.
    Console.WriteLine(message.Topic == prefix + "recommendations" ? Recommendations(record.RootElement) : ChurnAlert(record.RootElement));
    consumer.Commit(message); // a busy consumer commits once a batch
}

consumer.Close();

ConsumeResult<Ignore, byte[]> Next()
{
    while (true)
    {
        try
        {
            return consumer.Consume();
        }
        catch (ConsumeException error) when (error.Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            Console.Error.WriteLine($"waiting for the engine, which makes its topics when it first starts: {error.Error.Reason}");
            Thread.Sleep(1_000);
        }
    }
}
