using Ops.OnnxRuntime;

namespace Ops.Tests.OnnxRuntime;

[TestClass]
public class OrtMessageTests
{
    [TestMethod]
    [DataRow("/src/model_load_utils.h:46 void Check(const map<basic_string<char>, int>&, F(*)(int)) Opset 29 is under development.\n",
        "Opset 29 is under development.")]
    [DataRow("/src/session.cc:7 bool S::Load(int) const The file is broken", "The file is broken")]
    [DataRow("No such node (x)", "No such node (x)")]
    [DataRow("/src/a.cc: not a place", "/src/a.cc: not a place")]
    [DataRow("/src/a.cc:1 never closed (", "/src/a.cc:1 never closed (")]
    [DataRow("", "")]
    public void APlaceInTheSourceOfTheLibraryIsLeftOut(string message, string told) => Assert.AreEqual(told, OrtMessage.Told(message));
}
