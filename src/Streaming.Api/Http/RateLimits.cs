using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Streaming.Api.Settings;

namespace Streaming.Api.Http;

/// <summary>Token buckets, and places for requests at work: one of each an address and one a caller.</summary>
/// <param name="options">Rates.</param>
/// <param name="maxInFlight">Places of all, of which one may have a quarter.</param>
internal sealed class RateLimits(RateOptions options, int maxInFlight) : IDisposable
{
    private const int PrefixBytes = 8;
    private readonly PartitionedRateLimiter<string> _addresses = Buckets(options.AddressPerMinute, options.AddressBurst), _callers = Buckets(options.KeyPerMinute, options.KeyBurst), _events = Buckets(options.EventsPerMinute, options.EventsBurst);
    private readonly PartitionedRateLimiter<string> _placesOfAddresses = Places(maxInFlight), _placesOfCallers = Places(maxInFlight);

    /// <summary>Counts a request of an address.</summary>
    /// <returns>Null; or how long to wait.</returns>
    public TimeSpan? OfAddress(IPAddress? address) => Take(_addresses, PartitionOf(address), 1);

    /// <summary>A place of an address, held until it is known who asks.</summary>
    public RateLimitLease PlaceOfAddress(IPAddress? address) => _placesOfAddresses.AttemptAcquire(PartitionOf(address));

    /// <summary>A place of a caller, held until the request is answered.</summary>
    public RateLimitLease PlaceOfCaller(string who) => _placesOfCallers.AttemptAcquire(who);

    /// <summary>Counts requests of a caller, of which the burst must allow that many at once.</summary>
    /// <returns>Null; or how long to wait.</returns>
    public TimeSpan? OfCaller(string who, int requests = 1) => Take(_callers, who, requests);

    /// <summary>Counts events of a caller.</summary>
    /// <returns>Null; or how long to wait.</returns>
    public TimeSpan? OfEvents(string who, int events) => Take(_events, who, events);

    /// <inheritdoc/>
    public void Dispose()
    {
        _addresses.Dispose();
        _callers.Dispose();
        _events.Dispose();
        _placesOfAddresses.Dispose();
        _placesOfCallers.Dispose();
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

    // Nobody holds all places, however slowly it sends.
    private static PartitionedRateLimiter<string> Places(int all) => PartitionedRateLimiter.Create<string, string>(
        partition => RateLimitPartition.GetConcurrencyLimiter(partition, _ => new ConcurrencyLimiterOptions { PermitLimit = Math.Max(1, all / 4), QueueLimit = 0 }), StringComparer.Ordinal);

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
