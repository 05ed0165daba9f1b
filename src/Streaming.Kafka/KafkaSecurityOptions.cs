namespace Streaming.Kafka;

/// <summary>How to reach the brokers safely. Secrets never leave <see cref="ToString"/>.</summary>
public sealed record KafkaSecurityOptions
{
    private static readonly string[] Protocols = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"];
    private static readonly string[] Mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER"];

    /// <summary>plaintext, ssl, sasl_plaintext or sasl_ssl.</summary>
    public string Protocol { get; init; } = "plaintext";
    /// <summary>PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI or OAUTHBEARER; needed with a sasl protocol.</summary>
    public string? SaslMechanism { get; init; }
    /// <summary>SASL user; needed with PLAIN and SCRAM.</summary>
    public string? SaslUsername { get; init; }
    /// <summary>SASL password; secret.</summary>
    public string? SaslPassword { get; init; }
    /// <summary>PEM file of the certificate authority; null: the system's.</summary>
    public string? CaFile { get; init; }
    /// <summary>PEM file of the client's certificate, for mutual TLS.</summary>
    public string? CertificateFile { get; init; }
    /// <summary>PEM file of the client's private key.</summary>
    public string? KeyFile { get; init; }
    /// <summary>Password of the private key; secret.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Protocols.Contains(Protocol, StringComparer.OrdinalIgnoreCase))
            yield return $"{nameof(Protocol)}: '{Protocol}' is none of {string.Join(", ", Protocols)}.";
        var sasl = Protocol.StartsWith("sasl", StringComparison.OrdinalIgnoreCase);
        if (sasl && !Mechanisms.Contains(SaslMechanism, StringComparer.OrdinalIgnoreCase))
            yield return $"{nameof(SaslMechanism)}: '{SaslMechanism}' is none of {string.Join(", ", Mechanisms)}.";
        var needsPassword = sasl && SaslMechanism is not null
            && (SaslMechanism.Equals("PLAIN", StringComparison.OrdinalIgnoreCase) || SaslMechanism.StartsWith("SCRAM", StringComparison.OrdinalIgnoreCase));
        if (needsPassword && string.IsNullOrEmpty(SaslUsername)) yield return $"{nameof(SaslUsername)}: needed with {SaslMechanism}.";
        if (needsPassword && string.IsNullOrEmpty(SaslPassword)) yield return $"{nameof(SaslPassword)}: needed with {SaslMechanism}.";
        if (!sasl && (SaslUsername ?? SaslPassword) is not null)
            yield return $"{nameof(SaslUsername)}: set, but {nameof(Protocol)} is '{Protocol}', which would send nothing of it.";
        if ((CertificateFile is null) != (KeyFile is null)) yield return $"{nameof(CertificateFile)}: {nameof(KeyFile)} belongs with it.";
        if (!Protocol.EndsWith("ssl", StringComparison.OrdinalIgnoreCase) && (CaFile ?? CertificateFile) is not null)
            yield return $"{nameof(CaFile)}: set, but {nameof(Protocol)} '{Protocol}' is not encrypted.";
        foreach (var (name, file) in new[] { (nameof(CaFile), CaFile), (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile) })
            if (file is not null && !File.Exists(file)) yield return $"{name}: file '{file}' does not exist.";
    }

    /// <summary>For logs: secrets as ***.</summary>
    public override string ToString() =>
        $"{Protocol} mechanism={SaslMechanism ?? "-"} user={SaslUsername ?? "-"} password={Hide(SaslPassword)} ca={CaFile ?? "-"} certificate={CertificateFile ?? "-"} keyPassword={Hide(KeyPassword)}";

    private static string Hide(string? secret) => secret is null ? "-" : "***";
}
