using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Settings;

public sealed class ValueTests
{
    [Theory]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("15m", 900_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("0", 0)]
    public void Duration_in_each_form_is_read(string text, double milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1e300d")]
    [InlineData("soon")]
    public void Duration_without_a_unit_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("Kafka:SaslPassword", "abc", "***")]
    [InlineData("Kafka:Librdkafka:sasl.password", "abc", "***")]
    [InlineData("Kafka:SslKeyPem", "abc", "***")]
    [InlineData("Kafka:ApiKey", "abc", "***")]
    [InlineData("Kafka:SaslPassword", "", "")]
    [InlineData("Kafka:BootstrapServers", "a:9092", "a:9092")]
    [InlineData("Store:Location", "cassandra://me:secret@host:1", "cassandra://me:***@host:1")]
    [InlineData("Store:Location", "Contact=a;Password=hidden;Port=1", "Contact=a;Password=***;Port=1")]
    [InlineData("Items:MaxTokens", "5", "5")]
    [InlineData("Cluster:MessageKey", "5", "5")]
    public void Redaction_hides_secrets_and_only_them(string key, string value, string shown) => Assert.Equal(shown, Redaction.Value(key, value));

    [Theory]
    [InlineData("sqlite:./data", false)]
    [InlineData("cassandra:host:9042", true)]
    [InlineData("cassandra:host", true)]
    [InlineData("cassandra:a:9042,b:9042", true)]
    public void StoreLocation_of_a_known_kind_is_read(string text, bool cassandra)
    {
        Assert.Null(StoreLocation.TryParse(text, out var location));
        Assert.Equal(cassandra, location.IsCassandra);
    }

    [Theory]
    [InlineData("sqlite:")]
    [InlineData("redis:host")]
    [InlineData("cassandra:host:0")]
    [InlineData("cassandra::9042")]
    [InlineData("plain")]
    public void StoreLocation_of_another_kind_is_refused(string text) => Assert.NotNull(StoreLocation.TryParse(text, out _));

    [Theory]
    [InlineData("Dimensons", "Dimensions", 1)]
    [InlineData("prot", "Port", 1)]
    [InlineData("", "abc", 3)]
    public void EditDistance_counts_slips_of_the_pen(string left, string right, int distance) => Assert.Equal(distance, EditDistance.Between(left, right));
}
