using Ops.Simd;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed class IsaTests
{
    [TestMethod]
    [DataRow("512", IsaLevel.Bits512)]
    [DataRow("256", IsaLevel.Bits256)]
    [DataRow(" 128 ", IsaLevel.Bits128)]
    [DataRow("Scalar", IsaLevel.Scalar)]
    [DataRow(null, IsaLevel.Bits512)]
    [DataRow("", IsaLevel.Bits512)]
    public void The_variable_names_a_level(string? text, IsaLevel level) => Assert.AreEqual(level, Isa.Parse(text));

    [TestMethod]
    public void Forced_levels_nest_and_never_exceed_the_machine()
    {
        IsaLevel before = Isa.Level;
        using (Isa.Force(IsaLevel.Bits512))
        {
            Assert.AreEqual(Isa.Best, Isa.Level);
            using (Isa.Force(IsaLevel.Scalar)) Assert.AreEqual(IsaLevel.Scalar, Isa.Level);
            Assert.AreEqual(Isa.Best, Isa.Level);
        }

        Assert.AreEqual(before, Isa.Level);
    }
}
