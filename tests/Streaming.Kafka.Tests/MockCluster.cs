using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka.Native;

namespace Streaming.Kafka.Tests;

/// <summary>librdkafka's in-process cluster of two brokers, which can lose one of them.</summary>
internal sealed unsafe class MockCluster : IDisposable
{
    private readonly NativeClient _host = NativeClient.Producer("mock", new Dictionary<string, string> { ["test.mock.num.brokers"] = "2" }, NullLogger.Instance);

    private nint Handle => Rd.MockCluster(_host.Handle);

    public string BootstrapServers => Utf8.ToString(Rd.MockBootstraps(Handle));

    /// <summary>Creates a topic of one partition.</summary>
    public void CreateTopic(string name, int leader)
    {
        Check(Rd.MockTopicCreate(Handle, name, 1, 1));
        fixed (byte* topic = Zero(name))
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, int, int, int>)Export("rd_kafka_mock_partition_set_leader"))(Handle, topic, 0, leader));
    }

    /// <summary>Which broker coordinates a group or a transactional id.</summary>
    public void SetCoordinator(string kind, string key, int broker)
    {
        fixed (byte* kindBytes = Zero(kind))
        fixed (byte* keyBytes = Zero(key))
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int>)Export("rd_kafka_mock_coordinator_set"))(Handle, kindBytes, keyBytes, broker));
    }

    /// <summary>Takes a broker out of the cluster for good.</summary>
    public void Decommission(int broker) => Check(((delegate* unmanaged[Cdecl]<nint, int, int>)Export("rd_kafka_mock_broker_decommission"))(Handle, broker));

    public void Dispose() => _host.Dispose();

    private static void Check(int code) => Assert.Equal(RdError.None, code);

    private static nint Export(string name) => NativeLibrary.GetExport(LibraryLoader.Handle, name);

    private static byte[] Zero(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
