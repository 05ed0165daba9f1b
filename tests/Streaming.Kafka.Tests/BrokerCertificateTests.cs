using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

/// <summary>A certificate that is no good is refused before a word is said to its broker. A TLS server stands for the broker: what it gets to hear tells whether it was trusted. No broker is needed.</summary>
public sealed class BrokerCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _authority;
    private readonly string _folder = Directory.CreateTempSubdirectory("certificates").FullName;

    public BrokerCertificateTests()
    {
        _authority = Authority("trusted");
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), _authority.ExportCertificatePem());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_certificate_is_trusted() => Assert.True(await IsTrustedAsync(Certificate("127.0.0.1", Now.AddDays(-1), Now.AddDays(1))));

    [Theory]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("of another name")]
    [InlineData("of an unknown authority")]
    [InlineData("its own authority")]
    public async Task Certificate_that_is_no_good_is_refused(string which)
    {
        using var unknown = Authority("unknown");
        var certificate = which switch
        {
            "expired" => Certificate("127.0.0.1", Now.AddDays(-9), Now.AddMinutes(-1)),
            "not yet valid" => Certificate("127.0.0.1", Now.AddMinutes(10), Now.AddDays(1)),
            "of another name" => Certificate("127.0.0.2", Now.AddDays(-1), Now.AddDays(1)),
            "of an unknown authority" => Certificate("127.0.0.1", Now.AddDays(-1), Now.AddDays(1), unknown),
            _ => Authority("127.0.0.1"),
        };
        Assert.False(await IsTrustedAsync(certificate));
    }

    /// <summary>Servers of today refuse to show such certificates themselves; openssl is told to.</summary>
    [Theory]
    [InlineData(2048, true)]
    [InlineData(512, false)]
    public async Task Certificate_with_a_weak_key_is_refused(int keyBits, bool isTrusted)
    {
        using var key = RSA.Create(keyBits);
        using var certificate = Certificate("127.0.0.1", Now.AddDays(-1), Now.AddDays(1), key: key);
        var (file, port) = (Path.Combine(_folder, "server.pem"), FreePort());
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), Stop);
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", $"{port}", "-cert", file, "-key", file, "-cipher", "ALL:@SECLEVEL=0", "-quiet"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, // without its input it would end
        };
        using var server = Start(start);
        var heard = server.StandardOutput.BaseStream.ReadAtLeastAsync(new byte[4], 4, throwOnEndOfStream: false, Stop).AsTask();
        await WaitForAsync(port);
        await RefusedAsync(port);
        server.Kill();
        Assert.Equal(isTrusted, await heard >= 4);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"openssl: {e.Message}");
            throw;
        }
    }

    private async Task<bool> IsTrustedAsync(X509Certificate2 certificate)
    {
        using var owned = certificate;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (handshakes, heard) = (0, 0);
        var serving = ServeAsync();
        await RefusedAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.NotEqual(0, handshakes); // a client that never came was not refused anything
        return heard > 0;

        async Task ServeAsync()
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await using var tls = new SslStream(client.GetStream());
                handshakes++;
                try
                {
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = owned }, stop.Token);
                    heard += await tls.ReadAsync(new byte[4], stop.Token);
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    _ = e; // what a client does that trusts nobody
                }
            }
        }
    }

    // A broker that never answers is an error too: the question is what it heard before.
    private async Task RefusedAsync(int port)
    {
        var options = new KafkaOptions
        {
            BootstrapServers = $"127.0.0.1:{port}", RequestTimeoutMs = 2_000, Security = new KafkaSecurityOptions { Protocol = "ssl", CaFile = Path.Combine(_folder, "ca.pem") },
        };
        Assert.Empty(options.Validate());
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).PartitionsAsync("events"));
    }

    private static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest($"CN={name}", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(Names("127.0.0.1"));
        return request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
    }

    private X509Certificate2 Certificate(string address, DateTimeOffset from, DateTimeOffset to, X509Certificate2? authority = null, RSA? key = null)
    {
        var request = new CertificateRequest("CN=broker", key ?? _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(Names(address));
        using var signer = (authority ?? _authority).GetRSAPrivateKey()!;
        var certificate = request.Create((authority ?? _authority).SubjectName, X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1), from, to, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key ?? _key);
    }

    private static X509Extension Names(string address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        return names.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, Stop);
                return;
            }
            catch (SocketException) when (i < 100)
            {
                await Task.Delay(100, Stop);
            }
        }
    }
}
