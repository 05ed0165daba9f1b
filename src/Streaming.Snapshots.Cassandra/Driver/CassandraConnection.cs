using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cassandra;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Builds the driver's cluster from the settings.</summary>
internal static class CassandraConnection
{
    public static Cluster Build(CassandraOptions options)
    {
        var hosts = options.Hosts().ToArray();
        var builder = Cluster.Builder()
            .WithPort(hosts[0].Port)
            .AddContactPoints(hosts.Select(h => h.Host))
            .WithQueryOptions(new QueryOptions().SetConsistencyLevel(ConsistencyLevel.LocalQuorum).SetSerialConsistencyLevel(ConsistencyLevel.LocalSerial).SetDefaultIdempotence(true))
            .WithSocketOptions(new SocketOptions().SetReadTimeoutMillis(options.RequestTimeoutMs).SetConnectTimeoutMillis(options.RequestTimeoutMs).SetTcpNoDelay(true))
            .WithReconnectionPolicy(new ExponentialReconnectionPolicy(500, 5_000))
            // Repeating is CassandraRequests' business: two layers of it would multiply the load on nodes that are in trouble.
            .WithRetryPolicy(FallthroughRetryPolicy.Instance)
            .WithQueryTimeout(options.RequestTimeoutMs * 2);
        if (options.LocalDatacenter.Length > 0) builder.WithLoadBalancingPolicy(Policies.NewDefaultLoadBalancingPolicy(options.LocalDatacenter));
        if (options.Username.Length > 0) builder.WithCredentials(options.Username, options.Password);
        if (options.Tls) builder.WithSSL(Tls(options));
        return builder.Build();
    }

    // Protocol "none" lets the system choose; the driver's own default is TLS 1.0, which current nodes refuse.
    private static SSLOptions Tls(CassandraOptions options)
    {
        var trusted = new X509Certificate2Collection();
        if (options.TlsCaFile.Length > 0) trusted.ImportFromPemFile(options.TlsCaFile);
        var tls = new SSLOptions(SslProtocols.None, false, (_, certificate, _, errors) => IsTrusted(certificate, errors, trusted));
        return options.TlsServerName.Length > 0 ? tls.SetHostNameResolver(_ => options.TlsServerName) : tls;
    }

    // Only "the system does not know this root" may be healed by the file's roots; a wrong name never.
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null || trusted.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }
}
