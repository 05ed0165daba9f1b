using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Streaming.Core.Shard;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Tests.Wire;

public sealed class WireSerializerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("wire",
        ConfigurationFactory.ParseString("akka.loglevel = OFF\nakka.stdout-loglevel = OFF").WithFallback(ClusterHocon.Build(new ClusterOptions())));

    private static readonly UserView View = new()
    {
        Key = "u:zoë", EventCount = 7, Counts = new Dictionary<string, uint> { ["view"] = 5, ["purchase"] = 2 }, FirstEventMs = 1, LastEventMs = 99,
        VectorNorms = [0.1, 1e300, 3], Interests = [(0.5, 4), (0.25, 9)], Latest = [("sku \"1\"", "view", 99)], SessionEvents = 3, Occasions = 2,
        Amount = 12345678.90m, MeanGapDays = null, ChurnRisk = 0.125, Consent = "personalise", LinkedTo = null, Guests = ["a:1", "a:2"],
        AppliedEvents = 1L << 40, Degraded = true,
    };

    [Fact]
    public void Messages_round_trip_through_our_serializer()
    {
        object[] messages =
        [
            new Ping(0), new Ping(int.MaxValue), new GetUser(3, [.. "u:zoë"u8]), new GetList(3, 20, [.. "u:zoë"u8]), HandOff.Instance, ShardsMove.Instance,
            new UserReply(UserResult.Found, UserViewJson.Write(View, 3)), UserReply.Without(UserResult.TimedOut),
        ];
        foreach (var message in messages)
        {
            var serializer = Assert.IsType<WireSerializer>(_system.Serialization.FindSerializerFor(message));
            var bytes = serializer.ToBinary(message);
            var back = _system.Serialization.Deserialize(bytes, serializer.Identifier, serializer.Manifest(message));
            Assert.Equal(message.GetType(), back.GetType());
            Assert.Equal(bytes, serializer.ToBinary(back));
        }
    }

    [Fact]
    public void Message_types_that_travel_are_all_covered()
    {
        var types = typeof(IWireMessage).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && typeof(IWireMessage).IsAssignableFrom(t)).ToList();
        Assert.Equal(6, types.Count);
        Assert.All(types, type => Assert.IsType<WireSerializer>(_system.Serialization.FindSerializerForType(type)));
    }

    [Fact]
    public void Type_without_a_serializer_is_refused_both_ways()
    {
        Assert.Throws<SerializationException>(() => _system.Serialization.FindSerializerFor(new Unknown(1)));
        Assert.Throws<SerializationException>(() => _system.Serialization.FindSerializerForType(typeof(UserView)));
        var error = Assert.ThrowsAny<Exception>(() => _system.Serialization.Deserialize("{}"u8.ToArray(), 1, typeof(Unknown).AssemblyQualifiedName));
        Assert.Contains("is not read from members", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, "Akka.DistributedData.Serialization.ReplicatorMessageSerializer")]
    [InlineData(13, "Akka.Cluster.Sharding.Serialization.ClusterShardingMessageSerializer")]
    [InlineData(14, "Akka.Cluster.Tools.Singleton.Serialization.ClusterSingletonMessageSerializer")]
    public void Serializers_of_extensions_are_there_before_the_first_message(int id, string name)
    {
        var error = Record.Exception(() => _system.Serialization.Deserialize([], id, "no such manifest"));
        Assert.DoesNotContain("Cannot find serializer", error?.ToString() ?? "", StringComparison.Ordinal);
        output.WriteLine($"{id} {name}: {error?.Message}");
    }

    [Theory]
    [InlineData("P1", 3)]
    [InlineData("P2", 4)]
    [InlineData("G1", 4)]
    [InlineData("U1", 0)]
    [InlineData("H1", 1)]
    [InlineData("M1", 1)]
    public void Bytes_of_another_shape_are_refused(string manifest, int length) =>
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize(new byte[length], WireSerializer.Id, manifest));

    [Fact]
    public void Bytes_on_the_wire_stay_the_same()
    {
        var serializer = (SerializerWithStringManifest)_system.Serialization.FindSerializerFor(HandOff.Instance);
        Assert.Equal("P1 07020100", Hex(new Ping(0x010207)));
        Assert.Equal("G1 02000000753A61", Hex(new GetUser(2, [.. "u:a"u8])));
        Assert.Equal("L1 0200000007000000753A61", Hex(new GetList(2, 7, [.. "u:a"u8])));
        Assert.Equal("U1 007B7D", Hex(new UserReply(UserResult.Found, [.. "{}"u8])));
        Assert.Equal("H1 ", Hex(HandOff.Instance));
        Assert.Equal("M1 ", Hex(ShardsMove.Instance));

        string Hex(object message) => $"{serializer.Manifest(message)} {Convert.ToHexString(serializer.ToBinary(message))}";
    }

    [Fact]
    public void User_view_round_trips_as_json()
    {
        var json = UserViewJson.Write(View, 3);
        var back = UserViewJson.Read(json);
        Assert.Equivalent(View, back, strict: true);
        Assert.Equal(json, UserViewJson.Write(back, 3));
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private sealed record Unknown(int Number);
}
