using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Streaming.Api.Settings;

namespace Streaming.Api.Http;

/// <summary>Token buckets, one an address and one a caller.</summary>
internal sealed class RateLimits(RateOptions options) : IDisposable
{
    private const int PrefixBytes = 8;
    private readonly PartitionedRateLimiter<string> _addresses = Buckets(options.AddressPerMinute, options.AddressBurst), _callers = Buckets(options.KeyPerMinute, options.KeyBurst);

    /// <summary>Counts a request of an address.</summary>
    /// <returns>Null; or how long to wait.</returns>
    public TimeSpan? OfAddress(IPAddress? address) => Take(_addresses, PartitionOf(address), 1);

    /// <summary>Counts requests of a caller, of which the burst must allow that many at once.</summary>
    /// <returns>Null; or how long to wait.</returns>
    public TimeSpan? OfCaller(string who, int requests = 1) => Take(_callers, who, requests);

    /// <inheritdoc/>
    public void Dispose()
    {
        _addresses.Dispose();
        _callers.Dispose();
    }

    /// <summary>Whoever has one IPv6 address has the other 2^64 of its network.</summary>
    internal static string PartitionOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        return address switch
        {
            null => "",
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, PrefixBytes)),
            _ => address.ToString(),
        };
    }

    private static TimeSpan? Take(PartitionedRateLimiter<string> limiter, string partition, int requests)
    {
        using var lease = limiter.AttemptAcquire(partition, requests);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
    }

    private static PartitionedRateLimiter<string> Buckets(int perMinute, int burst)
    {
        // A bucket is filled about every 100 ms, exactly at its rate.
        var tokens = Math.Max(1, perMinute / 600);
        var period = TimeSpan.FromTicks(TimeSpan.TicksPerMinute * tokens / perMinute);
        return PartitionedRateLimiter.Create<string, string>(partition => RateLimitPartition.GetTokenBucketLimiter(partition, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        }), StringComparer.Ordinal);
    }
}
