using Microsoft.CodeAnalysis;

namespace Ops.Tests.Generation;

/// <summary>The generator over the drafts of the language: what they can say, it can write.</summary>
[TestClass]
public sealed class DraftGenerationTests
{
    [TestMethod]
    public void Every_draft_becomes_csharp_that_compiles()
    {
        string drafts = Path.Combine(RepositoryPaths.Require("OPSPEC_SPEC_DRAFTS", "language"), "specs");
        // Kernels that nobody has written (CS8795) and bodies that call ops without a spec (OPS06xx) are not what is asked here.
        string findings = string.Join("\n", GeneratorHost.CompileGenerated(SpecFile.In(drafts))
            .Where(d => d.Id != "CS8795" && !d.Id.StartsWith("OPS06", StringComparison.Ordinal)));
        Assert.AreEqual("", findings);
    }
}
